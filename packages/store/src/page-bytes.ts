/** A page of events ends with the one that makes it this large, so that no read of a log fills the memory. */
export const PAGE_BYTES = 16 * 1024 * 1024;
