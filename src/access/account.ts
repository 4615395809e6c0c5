/** Who signed in at a Hub, without what opens it. */
export interface Account {
  /** As the Hub writes it. */
  name: string;
  /** When the sign-in ends, in milliseconds since 1970. */
  expires: number;
}

export const isExpired = ({ expires }: Account): boolean => expires <= Date.now();
