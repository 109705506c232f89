/** Tuya's data centres, by the names tinytuya gives them. An account is in one of them and unknown to the others. */
const DATA_CENTRES = {
  eu: { name: "Central Europe", host: "openapi.tuyaeu.com" },
  "eu-w": { name: "Western Europe", host: "openapi-weaz.tuyaeu.com" },
  us: { name: "Western America", host: "openapi.tuyaus.com" },
  "us-e": { name: "Eastern America", host: "openapi-ueaz.tuyaus.com" },
  sg: { name: "Singapore", host: "openapi-sg.iotbing.com" },
  in: { name: "India", host: "openapi.tuyain.com" },
  cn: { name: "China", host: "openapi.tuyacn.com" },
} as const;

export type DataCentreId = keyof typeof DATA_CENTRES;

export interface DataCentre {
  /** As the platform's own pages write it, without "Data Center". */
  readonly name: string;
  readonly host: string;
}

/** All of them, Europe first. */
export const DATA_CENTRE_IDS = Object.keys(DATA_CENTRES) as readonly DataCentreId[];

export function isDataCentreId(text: string): text is DataCentreId {
  return Object.hasOwn(DATA_CENTRES, text);
}

export function dataCentre(id: DataCentreId): DataCentre {
  return DATA_CENTRES[id];
}
