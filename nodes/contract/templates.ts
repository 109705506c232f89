/** A table to save under a name, for other devices. */
export interface TemplateToSave {
  readonly name: string;
  readonly categories: readonly string[];
  readonly datapoints: readonly object[];
  /** Overwrite one of the same name; otherwise that fails with status 409. */
  readonly replace: boolean;
}

/** A template as `GET tuya/templates` answers it, and as it stands in a file but for `id` and `own`. */
export type ListedTemplate = Readonly<Record<string, unknown>> & {
  /** The name of its file, without ending. */
  readonly id: string;
  /** Saved by a user, rather than shipped with the package. */
  readonly own: boolean;
};

/** The answer of `GET tuya/templates`. */
export interface ListedTemplates {
  /** Where templates are saved; "" where they cannot be. */
  readonly folder: string;
  readonly templates: readonly ListedTemplate[];
  /** A sentence for every file of the user's that was left out, or read in part. */
  readonly problems: readonly string[];
}
