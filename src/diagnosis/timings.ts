/** Every duration of a diagnosis, in milliseconds. Tests shorten them; nothing else should. */
export interface DiagnosisTimings {
  /** How long to wait for an announcement where no address is given. */
  readonly listenMs: number;
}
