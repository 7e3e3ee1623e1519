import type { RuleTester } from 'oxlint/plugins-dev';

type AnyRule = Parameters<RuleTester['run']>[1];

/** A rule of ours for oxlint, whose package gives the type no name. */
export type Rule = Exclude<AnyRule, { createOnce: unknown }>;
export type Context = Parameters<Rule['create']>[0];
export type Visitor = ReturnType<Rule['create']>;
