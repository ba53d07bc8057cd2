// Several changes of one hub: each builds on the hooks that the ones before it left.
import type { HookableHub } from './hookable-hub.ts';
import type { HubChange, HubHooks } from './hub-hooks.ts';

export function combineChanges(changes: readonly HubChange<HookableHub>[]): HubChange<HookableHub> {
  return (hub, correct) => {
    const hooks: HubHooks = { ...correct };
    for (const change of changes) Object.assign(hooks, change(hub, { ...hooks }));
    return hooks;
  };
}
