/** What agents lack in the same way, in the words of `docs/agent-behaviours.md`. */
export const NO_POINT = 'The protocol forks whole conversations, and has no way to a point in one.';
export const PRIVATE_POINT =
  'The protocol forks whole conversations: this agent takes a point in one only in a private field of one editor.';
export const NO_FORK = 'Its protocol has no request for a second conversation that begins as another did.';
export const NO_EFFORT = 'Its protocol offers models and modes, and no levels of effort.';
export const LIMITED = 'It waits in silence for as long as its provider says, here an hour, before it asks again.';
export const NO_ASKING = 'It takes the tool that asks its user away from every model that it runs for another program.';
export const NO_STEERING = 'Its protocol has no way into a running turn but to cancel it.';
