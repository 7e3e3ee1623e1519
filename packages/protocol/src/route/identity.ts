import { z } from 'zod';
import { defineRoute } from './route.ts';

export const userSchema = z.object({ id: z.string(), name: z.string(), role: z.string() });
export type User = z.infer<typeof userSchema>;

export const signIn = defineRoute({
  method: 'POST',
  path: '/sign-in',
  summary: 'Exchange a key for the browser session cookie (HttpOnly, SameSite=Strict)',
  open: true,
  body: z.strictObject({ key: z.string().min(1).max(512) }),
  status: 200,
  response: z.object({ user: userSchema }),
});

export const signOut = defineRoute({
  method: 'POST',
  path: '/sign-out',
  summary: 'End this browser session',
  status: 204,
});

export const getMe = defineRoute({
  method: 'GET',
  path: '/me',
  summary: 'Who this identity is',
  status: 200,
  response: z.object({ user: userSchema }),
});
