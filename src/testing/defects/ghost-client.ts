// B46: the client is registered before its request is judged, so that a refused one stays in the map. Invisible on the
// wire; `stats` counts it.
import type { Defect } from '../defect.ts';

export const ghostClient: Defect = {
  id: 'ghost-client',
  bugClass: 'B46',
  summary: 'refused clients are counted as connected',
  severity: 'medium',
  namedBy: { 'handshake.refusal-leaves-nothing': 'fail' },
  change(hub, correct) {
    let ghosts = 0;
    return {
      isOriginAllowed(values, request) {
        const isAllowed = correct.isOriginAllowed(values, request);
        if (!isAllowed && request.headers.upgrade !== undefined) ghosts += 1;
        return isAllowed;
      },
      stats: () => ({ ...correct.stats(), clients: hub.clients.size + ghosts }),
    };
  },
};
