import { z } from 'zod';

/** Text that may become an argument or a variable of a program; no system takes a NUL there. */
export function programText(maxChars: number) {
  return z
    .string()
    .max(maxChars)
    .refine((text) => !text.includes('\0'), 'A NUL character is not allowed here');
}
