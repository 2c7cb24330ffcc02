import type { OwnerMessages } from './en.js';

export const ownerAr: OwnerMessages = {
  'nav.account': 'الحساب',
  'nav.secrets': 'الرسائل',
  'nav.domains': 'النطاقات',
  'nav.tokens': 'رموز واجهة البرمجة',
  'nav.webhooks': 'خطافات الويب',
  'nav.security': 'الأمان',
  'nav.sessions': 'المتصفحات',
  'nav.activity': 'النشاط',
};
