/** A table of data points to save as a template. */
export interface TemplateToSave {
  readonly name: string;
  readonly categories: readonly string[];
  readonly datapoints: readonly object[];
  /** Whether to overwrite one of the same name; otherwise that fails with status 409. */
  readonly replace: boolean;
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
