import type { Cause } from "./cause";
import { explainDeafness } from "./deafness";
import type { Verdict } from "../lines";
import type { KeyDamage } from "../../local-key";
import { isLinkLocal } from "../../link-local";
import { refusedReadingAdvice } from "../../session/refused-reading";
import { count, joined } from "./phrases";

/** What a sentence needs to know of the device. */
export interface CauseSubject {
  /** Display name, or id. */
  readonly name: string;
  /** The address that was tried; "" where none is known. */
  readonly ip: string;
  readonly port: number;
  /** Display name of the sub-device behind it, or its node id; undefined if no sub-device is tested. */
  readonly child?: string | undefined;
  /** Another address this device was heard at, or is connected at. */
  readonly heardAt: string | undefined;
}

/** A cause in words. */
export interface Explanation {
  readonly verdict: Verdict;
  /** One sentence: what is wrong, or that nothing is. */
  readonly says: string;
  /** What to do about it. */
  readonly hint: string;
}

/** Puts a cause into a sentence and an advice: the only place that does. Each cause has its own. */
export function explain(cause: Cause, { name, child = "", ip, port, heardAt }: CauseSubject): Explanation {
  const elsewhere = heardAt === undefined ? "" : otherPlace(name, heardAt);
  switch (cause.cause) {
    case "no-id":
      return badSettings(
        "No device id is entered.",
        "Enter the id of the device; a scan of the network lists the ids of all devices that announce themselves.",
      );
    case "no-key":
      return badSettings(
        "No local key is entered.",
        "Enter the 16 characters of the device's local key, as the Tuya developer platform or tinytuya shows them.",
      );
    case "key-characters":
      return badSettings(
        "The local key contains a character that no key has.",
        "Keys consist of letters, digits and signs of the ASCII table: copy the key once more from its source.",
      );
    case "swapped":
      return badSettings(
        "The device id and the local key are in each other's field.",
        "Swap the two: the key is the one with 16 characters.",
      );
    case "bad-port":
      return badSettings(
        "The port is no number from 1 to 65535.",
        "Leave the port empty for the usual one, 6668.",
      );
    case "bad-version":
      return badSettings(
        "There is no such protocol version.",
        "Set the version to Auto: it is measured then.",
      );
    case "variable":
      return badSettings(
        `The environment variable ${cause.variable} is not set here: the ${cause.field} comes from it.`,
        `Set ${cause.variable} where this runs, or enter the value itself for the test.`,
      );
    case "key-damaged":
      return badSettings(
        `The local key was spoilt by copying: it ${joined(cause.damage.map((damage) => DAMAGE[damage]))} (${cause.length} characters).`,
        "Without that it has its 16 characters: repair it, or copy it again as plain text.",
      );
    case "key-length":
      return badSettings(
        `The local key has ${cause.length} characters instead of 16.`,
        cause.length < 16
          ? "A part of the key is missing: copy it again from beginning to end."
          : "Something else was copied with the key, or instead of it: copy just its 16 characters.",
      );

    case "not-heard":
      return {
        verdict: "NOT_FOUND",
        says: `${name} has not announced itself in ${cause.seconds} s: ${count(cause.others, "other Tuya device")} ${cause.others === 1 ? "has" : "have"}, so listening works.`,
        hint: "Check the id, and that the device is switched on and in this network. A device that is used by three programs announces nothing: enter its address, then no announcement is needed.",
      };
    case "child-unknown":
      return {
        verdict: "NOT_FOUND",
        says: `${child} is not known to its gateway: ${name} works, but has no sub-device with the node id ${cause.cid}.`,
        hint:
          cause.known.length === 0
            ? "Check the node id (cid): it is not the sub-device's own device id."
            : `Check the node id (cid); the gateway speaks of ${listOfSome(cause.known)}.`,
      };
    case "self-assigned":
      return {
        verdict: "NOT_FOUND",
        says: `${name} got no address from the router: it announces itself from ${cause.ip}, which it gave itself.`,
        hint: "Switch it off and on again, and check that the router gives out addresses (DHCP). An address such as this is used only if it is entered and deployed.",
      };
    case "deaf":
      return { verdict: "NO_UDP", ...explainDeafness(cause.deafness) };

    case "host-unknown":
      return {
        verdict: "UNREACHABLE",
        says: `The host name "${ip}" is not known.`,
        hint: `${elsewhere}Check the spelling, or enter the IP address.`,
      };
    case "no-answer":
      return {
        verdict: "UNREACHABLE",
        says: `Nothing answers at ${ip}.`,
        hint: `${elsewhere}The device is switched off, has got another address, or a firewall is in between: look it up in the router, and give it a fixed address there.`,
      };
    case "no-route":
      return {
        verdict: "UNREACHABLE",
        says: `${ip} cannot be reached from this machine (${cause.detail}).`,
        hint: `${elsewhere}Nobody has this address now, or it lies in a network this machine has no way to: check address, VLAN and container network.`,
      };
    case "refused":
      return {
        verdict: "PORT_CLOSED",
        says: `Something is at ${ip}, but its port ${port} is closed.`,
        hint: `${elsewhere}Check that this is the device's address. Sub-devices are reached through their gateway; battery devices and devices in pairing mode do not listen.`,
      };
    case "busy":
      return {
        verdict: "BUSY",
        says: `${name} accepts a connection and closes it at once: all its places are taken.`,
        hint: `Close the Tuya app on all phones, and stop Home Assistant or whatever else uses the device locally.${cause.hasNode ? " A node of this Node-RED tries to connect to it, too." : ""} If nobody does, switch it off and on again.`,
      };

    case "other-version":
      return {
        verdict: "WRONG_VERSION",
        says: `${name} speaks protocol ${cause.speaks}, but ${cause.set} is set${announces(cause)}.`,
        hint:
          cause.speaks === "3.1 or 3.2"
            ? "Set the version to 3.1, or to 3.2 if it refuses the first command."
            : `Set the version to ${cause.speaks}, or to Auto.`,
      };
    case "key-rejected":
      return {
        verdict: "WRONG_KEY",
        says: `${name} rejects the local key: it holds another one.`,
        hint: "A device gets a new key each time it is paired: fetch the present one and enter it.",
      };
    case "negotiation-ignored":
      return {
        verdict: "WRONG_KEY",
        says: `${name} holds another local key: it speaks 3.5 and does not answer what is encrypted with this one.`,
        hint: "Fetch the key again: it changed when the device was last paired, or it belongs to another device.",
      };
    case "other-key-in-use":
      return {
        verdict: "WRONG_KEY",
        says: `${name} works with another key than the one entered: it is connected at this moment.`,
        hint: "Keep the key that is stored: it works.",
      };
    case "unreadable":
      return {
        verdict: "KEY_OR_VERSION",
        says: `${name} answers, but nothing it sends can be decrypted: the local key or the protocol version is wrong.`,
        hint:
          cause.speaks === undefined
            ? "Other versions were tried, too: so it is most likely the key, which changes each time a device is paired. Fetch it again."
            : `It answers as a device of protocol ${cause.speaks} does${cause.announced === cause.speaks ? ", and announces itself as one" : ""}: so it is most likely the key, which changes each time a device is paired. Fetch it again.`,
      };
    case "silent":
      return {
        verdict: "SILENT",
        says: `${name} accepts the connection but never answers (tried ${joined(cause.tried)}).`,
        hint:
          cause.announced === undefined
            ? "Either the device hangs: switch it off and on again. Or the key is wrong, to which some 3.5 devices do not react: fetch it again."
            : `It announces ${cause.announced}, so it is alive: switch it off and on again, and if that does not help, fetch the key again.`,
      };
    case "breaks-off":
      return {
        verdict: "SILENT",
        says: `${name} breaks off every connection before it answers.`,
        hint: "Switch it off and on again, and bring it nearer to the Wi-Fi access point if that does not help.",
      };
    case "fault":
      return {
        verdict: "SILENT",
        says: `The test of ${name} broke off: there is a fault in this package.`,
        hint: "The log has the details: please report them.",
      };

    case "stranger":
      return {
        verdict: "OTHER_DEVICE",
        says:
          cause.by === "itself"
            ? `The device at ${ip} calls itself ${cause.stranger}: it is not ${name}.`
            : `${cause.stranger} announces itself from ${ip}: the device there is not ${name}.`,
        hint: `${elsewhere || `Find out the present address of ${name}, or leave the address empty. `}If this is the right device after all, its id is wrong.`,
      };
    case "moved":
      return {
        verdict: "OTHER_DEVICE",
        says: `What answers at ${ip} is not ${name}: that announces itself from ${cause.to}.`,
        hint: isLinkLocal(cause.to)
          ? `${otherPlace(name, cause.to)}If it gets none, check that the router gives out addresses (DHCP).`
          : `Use the address ${cause.to}, or leave the address empty to follow the announcements.`,
      };
    case "no-tuya":
      return {
        verdict: "OTHER_DEVICE",
        says: `Something answers at ${ip}:${port}, but it is no Tuya device.`,
        hint: `${elsewhere}Check address and port; all Tuya devices listen on 6668.`,
      };

    case "values-refused":
      return {
        verdict: "NO_DATA_POINTS",
        says: `${name} is connected but refuses to show its data points ("${cause.refusal}").`,
        hint: refusedReadingAdvice(cause),
      };
    case "no-values":
      return {
        verdict: "NO_DATA_POINTS",
        says: `${name} is connected but has shown no data points.`,
        hint: "Operate it once by hand or by the app: what changes then is reported.",
      };
    case "mute":
      return {
        verdict: "KEY_NOT_PROVEN",
        says: `${name} answers heartbeats but no queries: its data points are not known, and nothing proves the key.`,
        hint: "Some devices answer only after the first command: set something once, and see whether it obeys.",
      };
    case "lost":
      return {
        verdict: "NO_DATA_POINTS",
        says: `${name} took the key and hung up: it showed no data points.`,
        hint: "Test again in a minute; if it happens again, switch the device off and on.",
      };
    case "child-silent":
      return {
        verdict: "NO_DATA_POINTS",
        says: `${child} shows no data points: its gateway ${name} works.`,
        hint: "Battery devices show theirs when they wake up: press its button, or wait.",
      };
    case "child-offline":
      return {
        verdict: "UNREACHABLE",
        says: `${child} is offline: so says its gateway ${name}, which works.`,
        hint: "Check that the sub-device has power or a fresh battery, is near enough, and is still paired with this gateway.",
      };
    case "child-works": {
      const { isSure, dps, version } = cause;
      const values = count(dps, "data point");
      return isSure
        ? {
            verdict: "OK",
            says: `${child} works behind ${name}: protocol ${version}, online, ${values}.`,
            hint: NOTHING_TO_DO,
          }
        : {
            verdict: "OK",
            says: `${child} is known to its gateway, which works: ${name} speaks protocol ${version} and remembers ${values}.`,
            hint: "Gateways answer from memory: whether the sub-device can be reached shows when it reports by itself. Set something, and see whether it obeys.",
          };
    }

    case "gateway-works":
      return {
        verdict: "OK",
        says: `${name} works: it is a gateway of protocol ${cause.version} with ${count(cause.children, "sub-device")}.`,
        hint: "It has no data points of its own, but its sub-devices have: test one of them by its node id (cid).",
      };
    case "works":
      return {
        verdict: "OK",
        says: `${name} works: protocol ${cause.version}, key accepted, ${count(cause.dps, "data point")}.`,
        hint: NOTHING_TO_DO,
      };
    case "key-not-proven":
      return {
        verdict: "KEY_NOT_PROVEN",
        says: `Nothing proves the local key of ${name}: it answers at ${ip} in protocol ${cause.version} and shows ${count(cause.dps, "data point")}, but in clear.`,
        hint: cause.isPinned
          ? "Devices of 3.1 and 3.2 answer everybody, so no test can tell more. Address and version are set, so commands are sent: set something once, and see whether it obeys."
          : `Devices of 3.1 and 3.2 answer everybody. If this is one, and really at ${ip}, set its address and version: until then it is sent no commands. Any other device would have proved its key, so somebody else would be at that address.`,
      };
  }
}

/** What to do where a device has another address. One that it gave itself is not followed, and changes. */
function otherPlace(name: string, ip: string): string {
  return isLinkLocal(ip)
    ? `${name} got no address from the router, and is at ${ip}, which it gave itself: switch it off and on again. `
    : `${name} is at ${ip} now: use that address. `;
}

/** The part of a sentence that names the announced address, if there is one. */
function announces({
  speaks,
  announced,
}: {
  readonly speaks: string;
  readonly announced: string | undefined;
}): string {
  if (announced === undefined) return "";
  return announced === speaks ? " (as it announces)" : ` (though it announces ${announced})`;
}

const NOTHING_TO_DO = "There is nothing to mend.";

const DAMAGE: Readonly<Record<KeyDamage, string>> = {
  invisible: "contains characters that do not show",
  blanks: "has blanks around it",
  quotes: "has quotes around it",
  html: "is HTML-escaped",
  json: "is escaped as in JSON",
};

function badSettings(says: string, hint: string): Explanation {
  return { verdict: "BAD_SETTINGS", says, hint };
}

/** Names some of them and counts the rest: a gateway may have hundreds. */
function listOfSome(items: readonly string[]): string {
  const more = items.length - MOST_NAMED;
  return `${items.slice(0, MOST_NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

const MOST_NAMED = 20;
