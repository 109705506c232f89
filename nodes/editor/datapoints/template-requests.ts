import { parseProfile } from "../../../src/datapoints/profiles";
import { objectOf, listOf, textOf } from "../base/answers";
import { requestJson, type AdminRequest, type Outcome } from "../base/requests";
import type { Template } from "./profile-offer";
import type { Translate } from "../base/red";
import type {
  ListedTemplate,
  ListedTemplates,
  SavedTemplate,
  TemplateToSave,
} from "../../contract/templates";
import type { Unchecked } from "../../contract/unchecked";

/** The templates in an answer. */
export interface TemplateList {
  /** Templates that users saved come first. */
  readonly templates: readonly Template[];
  /** The folder for templates on the machine of Node-RED; "" if they cannot be saved. */
  readonly folder: string;
  /** A sentence for each user's file that was left out, or read only in part. */
  readonly problems: readonly string[];
}

/** Requests the templates that come with the package, and those in Node-RED's user directory. */
export function requestTemplates(outcome: Outcome<TemplateList>, translate: Translate): AdminRequest {
  return requestJson("tuya/templates", readTemplateList, outcome, translate);
}

/** Saves a template; the result is the path of its file. With status 409 there is one of this name. */
export function saveTemplate(
  template: TemplateToSave,
  outcome: Outcome<string>,
  translate: Translate,
): AdminRequest {
  const read = (answer: unknown): string => {
    const { file }: Unchecked<SavedTemplate> = objectOf(answer);
    return textOf(file);
  };
  return requestJson("tuya/templates", read, outcome, translate, template);
}

/** Reads the answer of `GET tuya/templates`. Invalid templates are left out. */
function readTemplateList(answer: unknown): TemplateList {
  const { folder, templates, problems }: Unchecked<ListedTemplates> = objectOf(answer);
  const read = listOf(templates).flatMap((item): Template[] => {
    const { id, own }: Unchecked<Pick<ListedTemplate, "id" | "own">> = objectOf(item);
    const { profile } = parseProfile(textOf(id), item);
    return profile ? [{ profile, isOwn: own === true }] : [];
  });
  return {
    templates: [...read.filter(({ isOwn }) => isOwn), ...read.filter(({ isOwn }) => !isOwn)],
    folder: textOf(folder),
    problems: listOf(problems).filter((problem) => typeof problem === "string"),
  };
}
