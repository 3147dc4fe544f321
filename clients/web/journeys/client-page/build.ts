import { fileURLToPath } from "node:url";
import { build, type Rolldown } from "vite";
import type { OwnPages } from "../slow-proxy";

/**
 * Builds the page that is nothing but a client. It stands at `/client`; `/client?server=…` has it call another origin than its
 * own.
 */
export async function clientPage(): Promise<OwnPages> {
  const entry = fileURLToPath(new URL("main.ts", import.meta.url));
  const [built] = (await build({
    configFile: false,
    logLevel: "error",
    build: { write: false, target: "es2022", lib: { entry, formats: ["es"] } },
  })) as Rolldown.RolldownOutput[];
  const chunks = (built?.output ?? []).flatMap((file) => (file.type === "chunk" ? [file as Rolldown.OutputChunk] : []));
  const main = chunks.find(({ isEntry }) => isEntry)?.fileName;
  const scripts = chunks.map(
    ({ fileName, code }) => [`/${fileName}`, { type: "text/javascript", body: code }] as const,
  );
  const body = `<!doctype html><title>client</title>
<script>globalThis.serverUrl = new URLSearchParams(location.search).get("server") ?? undefined</script>
<script type="module" src="/${main}"></script>`;
  return { ...Object.fromEntries(scripts), "/client": { type: "text/html", body } };
}
