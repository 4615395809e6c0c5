export interface ServeOptions {
  /** The folder to serve. */
  root: string;
  /** 0, the default: any free port. */
  port?: number;
  /** false: every range request is answered with 200 and the whole file. */
  ranges?: boolean;
  /** The path the folder is served under, with a slash at both ends. */
  base?: string;
  /** Sent with every answer, in place of the recommended ones. */
  headers?: Record<string, string>;
}

export interface FolderServer {
  /** `http://127.0.0.1:<port>`, without a final slash. */
  origin: string;
  port: number;
  close(): Promise<void>;
}

export function serveFolder(options: ServeOptions): Promise<FolderServer>;
