// The server of the measured files, in a process of its own: `data-server.mjs <folder>`, started by startServerProcess.
import { serveFolder } from "../../scripts/serve.mjs";
import { crossOriginHeaders } from "./cross-origin-headers.mjs";
import { logRequests } from "./data-log.mjs";
import { answerCommands } from "./server-process.mjs";

const log = logRequests();
const server = await serveFolder({ root: process.argv[2], headers: crossOriginHeaders });
answerCommands(server.origin, { log });
