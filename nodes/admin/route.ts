import type { NodeAPI } from "node-red";

type Handler = Parameters<NodeAPI["httpAdmin"]["post"]>[1];
export type Request = Parameters<Extract<Handler, (...args: never[]) => unknown>>[0];
export type Response = Parameters<Extract<Handler, (...args: never[]) => unknown>>[1];

type Answer = (request: Request, response: Response) => Promise<void> | void;

/**
 * Registers `POST <url>` (permission `tuya.write`, body `application/json`). What goes wrong unexpectedly is logged, and
 * answered without detail.
 *
 * Any web page can have a browser post a form, or plain text, to a Node-RED it can reach, and the cookies of a login come
 * along. JSON it can send only where it asks first, and Node-RED does not allow it.
 * @param what what failed then, as the beginning of a sentence
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

/** Answers that something is not done, with a sentence for a person. */
export function refuse(response: Response, status: number, message: string): void {
  response.status(status).json({ message });
}
