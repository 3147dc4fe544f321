import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Settings } from "./server";

/** A notification as the server hands it to Firebase. */
export interface SentMessage {
  readonly token: string;
  readonly notification: { readonly title: string; readonly body: string };
  readonly data?: Readonly<Record<string, string>>;
}

/** A fake of Google's servers for tokens and messages. */
export interface FakeGoogle {
  readonly settings: Settings;
  readonly sent: readonly SentMessage[];
  readonly stop: () => Promise<void>;
}

/** The public key of RFC 8292's example. */
export const vapidKey = "BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs";

/** Starts the fake, and returns the settings of a server that uses it. */
export async function startGoogle(): Promise<FakeGoogle> {
  const sent: SentMessage[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk;
    });
    request.on("end", () => {
      response.setHeader("Content-Type", "application/json");
      if (request.url === "/token") {
        response.end(JSON.stringify({ access_token: "ya29.token", token_type: "Bearer", expires_in: 3599 }));
        return;
      }
      sent.push((JSON.parse(body) as { message: SentMessage }).message);
      response.end(JSON.stringify({ name: `projects/shop/messages/${sent.length}` }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return {
    sent,
    settings: {
      LATCHKEY_FCM_ENDPOINT: url,
      LATCHKEY_FCM_CREDENTIALS: JSON.stringify({
        type: "service_account",
        project_id: "shop",
        private_key_id: "key-1",
        private_key: privateKey.export({ type: "pkcs8", format: "pem" }),
        client_email: "push@shop.iam.gserviceaccount.com",
        token_uri: `${url}/token`,
      }),
      LATCHKEY_FCM_WEB_CONFIG: JSON.stringify({
        apiKey: "AIza-key",
        projectId: "shop",
        messagingSenderId: "123456789012",
        appId: "1:123456789012:web:abc",
      }),
      LATCHKEY_FCM_WEB_VAPID_KEY: vapidKey,
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
