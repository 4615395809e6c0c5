import { parentPort } from "node:worker_threads";
import { expose } from "comlink";
import nodeEndpoint from "comlink/dist/esm/node-adapter";
import { readPathsBy } from "../src/bytes/path-opener.ts";
import { fileSource } from "./file-source.ts";
import { createThreadWorker } from "./thread-worker.ts";

readPathsBy(fileSource);
if (parentPort) expose(createThreadWorker(), nodeEndpoint(parentPort));
