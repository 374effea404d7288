import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Where `npm run dev` finds the service; the built pages are served by the service itself. */
const DEVELOPMENT_SERVICE = "http://127.0.0.1:8000";

const WORKER = "sw.js";
const PUBLIC = "public";
const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };

/** Tells the service worker which files the pages are made of, and the hash of them all. */
function shellList(): Plugin {
  return {
    name: "planimeter-shell-list",
    enforce: "post",
    generateBundle(_options, bundle) {
      const hash = createHash("sha256");
      const files = Object.values(bundle).filter(({ fileName }) => fileName !== WORKER && !fileName.endsWith(".map"));
      const contents = new Map<string, string | Uint8Array>(
        files.map((file) => [file.fileName, file.type === "chunk" ? file.code : file.source]),
      );
      for (const name of readdirSync(PUBLIC)) contents.set(name, readFileSync(`${PUBLIC}/${name}`));
      const names = [...contents.keys()].sort();
      for (const name of names) hash.update(name).update(contents.get(name)!);
      const worker = bundle[WORKER];
      if (worker?.type !== "chunk") throw new Error("the service worker is not in the build");
      if (worker.imports.length > 0) throw new Error("the service worker shares code with the pages: it must stand alone");
      const shell = JSON.stringify(names.map((name) => `/${name}`));
      const digest = hash.update(worker.code).digest("hex").slice(0, 16);
      worker.code = worker.code.replace("__SHELL__", () => shell).replace("__SHELL_HASH__", () => JSON.stringify(digest));
    },
  };
}

/** Tests compute pictures; on two cores that do other work as well, the usual five seconds are short. */
const TEST_MS = 30_000;

export default defineConfig({
  esbuild: { jsx: "automatic", jsxImportSource: "preact" },
  define: { __PAGES_VERSION__: JSON.stringify(version) },
  plugins: [shellList()],
  // The card's geometry lies beside the calibration that shares it, outside this folder.
  server: { proxy: { "/v1": DEVELOPMENT_SERVICE }, fs: { allow: [".", "../../calibration"] } },
  build: {
    // The service's content security policy allows files of its own origin only: nothing inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
    rollupOptions: {
      input: { index: "index.html", sw: "shell_worker.ts" },
      output: { entryFileNames: ({ name }) => (name === "sw" ? WORKER : "assets/[name]-[hash].js") },
    },
  },
  test: {
    environment: "node",
    testTimeout: TEST_MS,
    include: ["{capture,reading,shared,study,tablet}/**/*.test.ts"],
  },
});
