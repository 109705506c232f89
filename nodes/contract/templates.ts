/** Body of `POST tuya/templates`: a table of data points to save as a template. */
export interface TemplateToSave {
  readonly name: string;
  /** Tuya's codes for kinds of devices, such as `cz`. */
  readonly categories: readonly string[];
  /** As in a flow file. */
  readonly datapoints: readonly object[];
  /** Whether to overwrite one of the same name; otherwise that fails with status 409. */
  readonly replace: boolean;
}

/** The answer of `POST tuya/templates`. */
export interface SavedTemplate {
  /** The name of its file, without ending. */
  readonly id: string;
  /** The path of its file on the machine of Node-RED. */
  readonly file: string;
}

/** A template in the answer of `GET tuya/templates`: the content of its file, with `id` and `own`. */
export type ListedTemplate = Readonly<Record<string, unknown>> & {
  /** The name of its file, without ending. */
  readonly id: string;
  /** Whether a user saved it; otherwise it comes with the package. */
  readonly own: boolean;
};

/** The answer of `GET tuya/templates`. */
export interface ListedTemplates {
  /** The folder in which templates are saved; "" if they cannot be saved. */
  readonly folder: string;
  readonly templates: readonly ListedTemplate[];
  /** A sentence for each user's file that was left out, or read only in part. */
  readonly problems: readonly string[];
}
