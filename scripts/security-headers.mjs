/** The Content-Security-Policy of the built page, directive by directive. docs/deploy.md gives the reasons to a reader. */
const policy = {
  "default-src": "'none'",
  // WebAssembly compiles under its own keyword; nothing needs eval, and no script is inline.
  "script-src": "'self' 'wasm-unsafe-eval'",
  "worker-src": "'self'",
  "style-src": "'self'",
  "font-src": "'self'",
  // blob: and data: carry a chart on its way to a PNG.
  "img-src": "'self' data: blob:",
  "manifest-src": "'self'",
  // Checkpoints lie on any https host the person names, and on this machine.
  "connect-src": "'self' https: http://localhost:* http://127.0.0.1:*",
  "base-uri": "'none'",
  "form-action": "'none'",
  "frame-ancestors": "'self'",
};

/** @param {[name: string, sources: string][]} directives */
const written = (directives) => directives.map((directive) => directive.join(" ")).join("; ");
const directives = Object.entries(policy);

/** The whole policy, as a header. */
export const headerPolicy = written(directives);

/** The policy as the built page carries it in a meta element, where frame-ancestors has no force. */
export const metaPolicy = written(directives.filter(([name]) => name !== "frame-ancestors"));

/** What every answer of a host of Auscult should carry. @type {Record<string, string>} */
export const securityHeaders = {
  "Content-Security-Policy": headerPolicy,
  "Cross-Origin-Opener-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};
