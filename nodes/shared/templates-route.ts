import type { NodeAPI } from "node-red";
import { TemplateFolder } from "./template-folder";

/**
 * `GET tuya/templates` (permission `tuya.read`) lists tables of data points: those that come with the package and those
 * users saved. `POST tuya/templates` (`tuya.write`) saves one: `{name, categories?, datapoints, replace?}`; 409 where
 * there is one of that name. Register once per load of the module.
 */
export function registerTemplatesRoute(RED: NodeAPI): void {
  const { httpAdmin, auth, settings } = RED;
  const folder = new TemplateFolder(settings.userDir);
  httpAdmin.get("/tuya/templates", auth.needsPermission("tuya.read"), (_request, response) => {
    void folder.list().then((list) => response.json(list));
  });
  httpAdmin.post("/tuya/templates", auth.needsPermission("tuya.write"), (request, response) => {
    const body = (request.body ?? {}) as { readonly replace?: unknown };
    void folder.save(body, body.replace === true).then((saving) => {
      switch (saving.kind) {
        case "saved":
          return response.json({ id: saving.id, file: saving.file });
        case "exists":
          return response.status(409).json({ message: saving.says });
        case "refused":
          return response.status(400).json({ message: saving.says });
        case "failed":
          return response.status(500).json({ message: saving.says });
      }
    });
  });
}
