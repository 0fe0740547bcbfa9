export { caseSecret as linkSecret } from '../../foundation/notices/service.ts';
