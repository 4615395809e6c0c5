/** The kinds of jobs of this instrument: one tensor read on its own, and a row's layers read against multiples of A. */
export const CLOSE_LOOK = "close-look";
export const RESCALE_OUT = "rescale-out";
