/** How many values there is room for under a `tuya-in`. With more data points it does not offer to show them. */
export const MAX_VALUES = 2;
