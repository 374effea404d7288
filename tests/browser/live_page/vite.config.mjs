/** Builds the live camera on a page of its own, as the pages themselves are built: worker and all. */

import { fileURLToPath } from "node:url";

const packages = fileURLToPath(new URL("../../../app/web/node_modules/", import.meta.url));

export default {
  root: fileURLToPath(new URL(".", import.meta.url)),
  esbuild: { jsx: "automatic", jsxImportSource: "preact" },
  resolve: { alias: [{ find: /^(preact|@preact)(?=\/|$)/, replacement: `${packages}$1` }] },
  build: { assetsInlineLimit: 0, modulePreload: { polyfill: false }, target: "es2022", emptyOutDir: true },
};
