/** Style sheets a script imports; the build puts them into a style element before it. */
declare module "*.css";
