import { describeRecordStore } from '@baton/testkit';
import { createMemoryRecords } from './memory-records.ts';

describeRecordStore('memory', createMemoryRecords);
