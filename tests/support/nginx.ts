/**
 * The real nginx in front of something.
 *
 * @module
 */

import { requirement } from "./require.ts";
import { lastingPort } from "./lasting_port.ts";

/** How long it may take to start, in milliseconds. */
const START_MS_MAX = 60_000;

/** Whether a suite can run with nginx; says how to get it if not. */
export function hasNginx(suite: string): boolean {
  return requirement(suite, {
    name: "nginx",
    available: isThere(),
    howToGet: "apt-get install nginx-light",
  });
}

function isThere(): boolean {
  try {
    return new Deno.Command("nginx", { args: ["-v"], stderr: "null" }).outputSync().success;
  } catch {
    return false;
  }
}

/** The recipes of the manual, for the servers of a host whose ports are others. */
export function nginxRecipes(ports: Readonly<Record<8880 | 8888 | 6969, string | number>>): string {
  const text = Deno.readTextFileSync(new URL("../../docs/operator.md", import.meta.url));
  const recipes = [...text.matchAll(/```nginx\n([\s\S]*?)```/g)].map(([, block]) => block).join("");
  return Object.entries(ports).reduce((all, [port, real]) => {
    if (!all.includes(`127.0.0.1:${port}`)) throw new Error(`The manual has no recipe for ${port}`);
    return all.replaceAll(`127.0.0.1:${port}`, `127.0.0.1:${real}`);
  }, recipes);
}

/** A running nginx. */
export interface Nginx extends AsyncDisposable {
  /** Its port on loopback. */
  readonly port: number;
}

/**
 * Starts it with one server.
 *
 * @param directory For its files.
 * @param server What stands in the block `server` beside the port.
 * @param listen What stands behind the port, such as ` ssl`.
 */
export async function startNginx(directory: string, server: string, listen = ""): Promise<Nginx> {
  const port = lastingPort();
  const config = `daemon off; pid ${directory}/pid; error_log ${directory}/error.log; events {}
http {
  access_log off;
  client_body_temp_path ${directory}/body; proxy_temp_path ${directory}/proxy;
  fastcgi_temp_path ${directory}/f; uwsgi_temp_path ${directory}/u; scgi_temp_path ${directory}/s;
  server {
    listen 127.0.0.1:${port}${listen};
    ${server}
  }
}`;
  await Deno.writeTextFile(`${directory}/nginx.conf`, config);
  const child = new Deno.Command("nginx", {
    args: ["-e", `${directory}/error.log`, "-c", `${directory}/nginx.conf`],
    stdout: "null",
    stderr: "null",
  }).spawn();
  const deadline = AbortSignal.timeout(START_MS_MAX);
  for (;;) {
    deadline.throwIfAborted();
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      break;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  return {
    port,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.status;
    },
  };
}
