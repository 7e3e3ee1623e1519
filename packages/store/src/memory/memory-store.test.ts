import { describeEventStore } from '@baton/testkit';
import { createMemoryStore } from './memory-store.ts';

describeEventStore('memory', createMemoryStore);
