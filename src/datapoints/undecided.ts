import { TuyaError } from "../errors";

/** BAD_INPUT for as long as the device has not reported its values: once they are known, the same message may be clear. */
export class UndecidedError extends TuyaError {
  constructor(sentence: string) {
    super("BAD_INPUT", sentence);
  }
}
