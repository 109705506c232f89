import type { NodeAPI } from "node-red";
import type { SavedTemplate } from "../../contract/templates";
import { get, post, refuse } from "../route";
import { TemplateFolder } from "./template-folder";

/**
 * `GET tuya/templates` (permission `tuya.read`) lists tables of data points: those that come with the package and those
 * users saved. `POST tuya/templates` (`tuya.write`) saves one: `{name, categories?, datapoints, replace?}`; 409 if there
 * is one of that name. See `nodes/contract/templates.ts`. Register once per load of the module.
 */
export function registerTemplatesRoute(RED: NodeAPI): void {
  const folder = new TemplateFolder(RED.settings.userDir);
  get(RED, "/tuya/templates", "Listing templates", async (_request, response) => {
    response.json(await folder.list());
  });
  post(RED, "/tuya/templates", "Saving a template", async (request, response) => {
    const body = (request.body ?? {}) as { readonly replace?: unknown };
    const saving = await folder.save(body, body.replace === true);
    switch (saving.kind) {
      case "saved":
        response.json({ id: saving.id, file: saving.file } satisfies SavedTemplate);
        return;
      case "exists":
        return refuse(response, 409, saving.says);
      case "refused":
        return refuse(response, 400, saving.says);
      case "failed":
        return refuse(response, 500, saving.says);
    }
  });
}
