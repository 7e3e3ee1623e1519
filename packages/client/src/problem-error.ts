import { AppError, type Problem } from '@baton/protocol';

/** A problem document as the error it stands for. */
export function toAppErrorOf(problem: Problem): AppError {
  const { issues, answeredBy } = problem;
  return new AppError(problem.kind, problem.detail, {
    ...(issues === undefined ? {} : { issues }),
    ...(answeredBy === undefined ? {} : { answeredBy }),
  });
}
