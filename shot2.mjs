import { chromium } from "@playwright/test"; import { serveFolder } from "./scripts/serve.mjs";
const [folder, out, hash, w, h, theme, click, full] = process.argv.slice(2);
const s = await serveFolder({ root: folder }); const b = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const c = await b.newContext({ viewport: { width: +w, height: +h }, colorScheme: theme }); const p = await c.newPage(); p.on("console", (m) => m.type() === "error" && console.log(m.text())); await p.goto(s.origin + "/" + hash); await p.evaluate(() => window.auscult.whenIdle());
for (const name of (click ?? "").split("|").filter(Boolean)) { await p.getByRole("button", { name }).first().click(); await p.evaluate(() => window.auscult.whenIdle()); }
await p.mouse.move(0, 0); await p.screenshot({ path: out, fullPage: full === "full" }); await b.close(); s.close();
