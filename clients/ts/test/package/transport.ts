// What connect-web and protobuf-es weigh by themselves: what we add is the difference.
import { createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";
import { AuthService } from "@latchkey-auth/client";

createClient(AuthService, createConnectTransport({ baseUrl: "/" })).getSettings({});
