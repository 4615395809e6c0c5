export const headerPolicy: string;
export const metaPolicy: string;
export const securityHeaders: Record<string, string>;
