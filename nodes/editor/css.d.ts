/** Style sheets that scripts import: `build.mjs` puts them into a style element before the script. */
declare module "*.css";
