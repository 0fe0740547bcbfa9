import citizen from './citizen.json' with { type: 'json' };
import common from './common.json' with { type: 'json' };
import notices from './notices.json' with { type: 'json' };
import staff from './staff.json' with { type: 'json' };

export default { ...common, ...citizen, ...notices, ...staff };
