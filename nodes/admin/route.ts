import type { NodeAPI } from "node-red";

type Handler = Parameters<NodeAPI["httpAdmin"]["post"]>[1];
/** A request to the admin API, of Express. */
export type Request = Parameters<Extract<Handler, (...args: never[]) => unknown>>[0];
/** Its answer, of Express. */
export type Response = Parameters<Extract<Handler, (...args: never[]) => unknown>>[1];

type Answer = (request: Request, response: Response) => Promise<void> | void;

/**
 * Registers `POST <url>` (permission `tuya.write`, body `application/json`). Unexpected errors are logged, and answered
 * without details.
 *
 * Only JSON is accepted: any web page can make a browser post a form, or plain text, to Node-RED, with the cookies of a
 * login. For JSON the browser asks Node-RED first, which does not allow it.
 * @param what the beginning of the sentence "… failed"
 */
export function post(RED: NodeAPI, url: string, what: string, answer: Answer): void {
  const answerJson: Answer = async (request, response) => {
    if (!request.is("application/json"))
      return refuse(response, 415, "The request has to be application/json.");
    await answer(request, response);
  };
  RED.httpAdmin.post(url, RED.auth.needsPermission("tuya.write"), safely(RED, what, answerJson));
}

/** As `post`: `GET <url>` (permission `tuya.read`). */
export function get(RED: NodeAPI, url: string, what: string, answer: Answer): void {
  RED.httpAdmin.get(url, RED.auth.needsPermission("tuya.read"), safely(RED, what, answer));
}

function safely(RED: NodeAPI, what: string, answer: Answer): (request: Request, response: Response) => void {
  const answerSafely = async (request: Request, response: Response): Promise<void> => {
    try {
      await answer(request, response);
    } catch (error) {
      RED.log.error(`${what} failed: ${error instanceof Error ? error.message : String(error)}`);
      if (response.headersSent) response.end();
      else refuse(response, 500, `${what} failed. The log of Node-RED says why.`);
    }
  };
  return (request, response) => void answerSafely(request, response);
}

/** Answers with a status and a sentence for a person. */
export function refuse(response: Response, status: number, message: string): void {
  response.status(status).json({ message });
}
