import { expect, test } from "vitest";
import { type ClientSettings, oauthClient } from "./oauth-client.ts";

const HUB = "https://huggingface.co";

const cases: [what: string, settings: ClientSettings, client: ReturnType<typeof oauthClient>][] = [
  ["nothing", {}, null],
  ["a Space without sign-in", { space: { SPACE_ID: "x" } }, null],
  ["a Space", { space: { OAUTH_CLIENT_ID: "space-id" } }, { id: "space-id", hub: HUB }],
  [
    "a Space of another Hub",
    { space: { OAUTH_CLIENT_ID: "space-id", OPENID_PROVIDER_URL: "https://hub.example/" } },
    { id: "space-id", hub: "https://hub.example" },
  ],
  ["a build", { id: " built ", hub: "" }, { id: "built", hub: HUB }],
  [
    "a build for another Hub",
    { id: "built", hub: "https://hub.example/x" },
    { id: "built", hub: "https://hub.example" },
  ],
  [
    "a Space from a build",
    { space: { OAUTH_CLIENT_ID: "s" }, id: "b", hub: "https://b.example" },
    { id: "s", hub: HUB },
  ],
  ["a description's address", { id: "https://a.example/oauth-cimd" }, { id: "https://a.example/oauth-cimd", hub: HUB }],
  ["a Hub on this machine", { id: "b", hub: "http://127.0.0.1:81/" }, { id: "b", hub: "http://127.0.0.1:81" }],
  ["a Hub that anyone can listen to", { id: "b", hub: "http://hub.example" }, null],
  ["a Hub that is a script", { id: "b", hub: "javascript:alert(1)" }, null],
  ["no address of a Hub", { id: "b", hub: "hub" }, null],
  ["variables of another kind", { space: { OAUTH_CLIENT_ID: 7, OPENID_PROVIDER_URL: [] } }, null],
  ["no variables", { space: "OAUTH_CLIENT_ID" }, null],
];
test.each(cases)("%s", (_, settings, client) => {
  expect(oauthClient(settings)).toEqual(client);
});
