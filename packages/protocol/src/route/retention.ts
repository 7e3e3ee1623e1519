import { z } from 'zod';
import { retentionReportSchema, retentionSchema } from '../retention.ts';
import { defineRoute } from './route.ts';

export const getRetention = defineRoute({
  method: 'GET',
  path: '/retention',
  summary: 'What is archived and deleted by itself, and when; by default nothing',
  status: 200,
  response: retentionSchema,
});

export const putRetention = defineRoute({
  method: 'PUT',
  path: '/retention',
  summary: 'Replace the rules; they are carried out once a day',
  body: retentionSchema,
  status: 200,
  response: retentionSchema,
});

export const runRetention = defineRoute({
  method: 'POST',
  path: '/retention/run',
  summary: 'Carry the rules out now, or with dryRun say what would be done',
  body: z.strictObject({ dryRun: z.boolean() }),
  status: 200,
  response: retentionReportSchema,
});
