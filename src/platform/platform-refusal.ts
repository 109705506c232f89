import { PlatformError, type PlatformProblem } from "./problem";

/** A refusal as the platform answers it. */
export interface PlatformRefusal {
  readonly code: number;
  readonly msg: string;
  /** How far our clock is ahead of the platform's, in milliseconds; undefined if the answer had no time. */
  readonly aheadMs: number | undefined;
}

/** The name of a data centre, for sentences. */
interface Place {
  readonly name: string;
}

const PROJECT = "On platform.tuya.com, open Cloud → Project Management → your project";

/**
 * Puts the platform's codes into sentences: the only place that does. Sources: its table of global error codes
 * (developer.tuya.com/en/docs/iot/error-code?id=K989ruxx88swc), and what users of tinytuya, localtuya and tuya-cli
 * reported as cause and cure where the table is silent (1114, 2007, 28841…).
 */
export function refusalOf(refusal: PlatformRefusal, { name }: Place): PlatformError {
  return new PlatformError(problemOf(refusal, name), refusal.code);
}

function problemOf({ code, msg, aheadMs }: PlatformRefusal, place: string): PlatformProblem {
  switch (code) {
    case 1005:
    case 1008:
      return {
        code: "WRONG_ID",
        says: `The Tuya platform does not know this access id in ${place}.`,
        remedy: `${PROJECT} → Overview, and copy "Access ID/Client ID" again. The data centre must be one of the project's, too.`,
      };
    case 1001:
    case 1004:
      return {
        code: "WRONG_SECRET",
        says: "The access secret does not belong to this access id.",
        remedy: `${PROJECT} → Overview, and copy "Access ID/Client ID" and "Access Secret/Client Secret" again, both from the same project.`,
      };
    case 1013:
      return {
        code: "CLOCK",
        says: `The clock of this server is wrong${aheadMs === undefined ? "" : `: ${describeSkew(aheadMs)} compared with the Tuya platform`}, so the platform refuses what it signs.`,
        remedy:
          "Set the clock of the computer that runs Node-RED, or switch on its time synchronisation (NTP).",
      };
    case 1010:
    case 1011:
    case 1012:
      return {
        code: "BUSY",
        says: "The Tuya platform withdrew the permission it had given a moment ago.",
        remedy: "Something else uses the same project at this moment. Try again in a minute.",
      };
    case 1106:
    case 2406:
      return {
        code: "DATA_CENTRE",
        says: `The project may not read devices in ${place}: it belongs to another data centre, or no app account is linked with it.`,
        remedy: `${PROJECT} → Devices → Link App Account, and compare the data centre there with the one chosen here.`,
      };
    case 1114:
      return {
        code: "ADDRESS_REFUSED",
        says: `The Tuya platform refuses requests from this internet connection in ${place}.`,
        remedy: `Check access id and data centre first: with wrong ones the platform says the same. Then ${lowerFirst(PROJECT)} → Authorization → IP Allowlist, and switch it off or add your address.`,
      };
    case 2007:
      return {
        code: "ADDRESS_REFUSED",
        says: `The data centre ${place} does not answer requests from the country this server is in.`,
        remedy:
          "Choose the data centre your app account belongs to: in the app under Me → Settings → Account and Security → Region.",
      };
    case 28841002:
      return {
        code: "TRIAL_LAPSED",
        says: "The trial of the service IoT Core has ended. Tuya gives it for some months at a time.",
        remedy:
          "On platform.tuya.com, open Cloud → Cloud Services → IoT Core → View Details, and press Extend Trial Period. It is free, and may take a day.",
      };
    case 28841001:
    case 28841101:
    case 28841105:
    case 28841106:
      return {
        code: "NOT_SUBSCRIBED",
        says: "The project has no permission to use the service IoT Core.",
        remedy: `${PROJECT} → Service API → Go to Authorize, and add "IoT Core". It takes a few minutes to count.`,
      };
    case 28841107:
      return {
        code: "DATA_CENTRE",
        says: `The data centre ${place} is not switched on in this project.`,
        remedy: `Choose the data centre of the project. Or ${lowerFirst(PROJECT)} → Overview → Edit, remove the data centre and add it again.`,
      };
    case 28841004:
      return {
        code: "QUOTA",
        says: "The project has used up the requests Tuya allows a trial.",
        remedy:
          "Wait for the next month. Or make a new project on platform.tuya.com under Cloud → Project Management → Create Cloud Project, and link the app account with it.",
      };
    case 500:
    case 1110:
    case 1111:
    case 40000309:
      return {
        code: "BUSY",
        says: "The Tuya platform is overloaded, or was asked too often in a short time.",
        remedy: "Wait a minute and try again.",
      };
    default:
      return {
        code: "REFUSED",
        says: `The Tuya platform refused: ${quotable(msg)} (code ${code}).`,
        remedy: "Look the code up on developer.tuya.com under Global Error Codes.",
      };
  }
}

/** "12 minutes fast". */
export function describeSkew(aheadMs: number): string {
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  const [count, unit] =
    seconds < 120
      ? [seconds, "second"]
      : seconds < 2 * 3600
        ? [Math.round(seconds / 60), "minute"]
        : seconds < 2 * 86_400
          ? [Math.round(seconds / 3600), "hour"]
          : [Math.round(seconds / 86_400), "day"];
  return `${count} ${unit}${count === 1 ? "" : "s"} ${aheadMs < 0 ? "slow" : "fast"}`;
}

/** A message of the platform, to be quoted: short, and without anything that could be a key or a secret. */
function quotable(msg: string): string {
  const text = msg
    .replaceAll(/[^\w.,:;()'-]+/g, " ")
    .replaceAll(/\S{16,}/g, "…")
    .trim();
  return text === "" ? "it gave no reason" : `"${text.slice(0, 120)}"`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
