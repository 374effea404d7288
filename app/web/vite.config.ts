import { defineConfig } from "vitest/config";

/** Where `npm run dev` finds the service; the built pages are served by the service itself. */
const DEVELOPMENT_SERVICE = "http://127.0.0.1:8000";

/** Tests compute pictures; on two cores that do other work as well, the usual five seconds are short. */
const TEST_MS = 30_000;

export default defineConfig({
  esbuild: { jsx: "automatic", jsxImportSource: "preact" },
  // The card's geometry lies beside the calibration that shares it, outside this folder.
  server: { proxy: { "/v1": DEVELOPMENT_SERVICE }, fs: { allow: [".", "../../calibration"] } },
  build: {
    // The service's content security policy allows files of its own origin only: nothing inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
  },
  test: { environment: "node", testTimeout: TEST_MS, include: ["{capture,reading,shared,study}/**/*.test.ts"] },
});
