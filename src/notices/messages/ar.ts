import type { MailMessages } from './messages.js';

export const ar: MailMessages = {
  sentBy: (host) => `أُرسلت من ${host}. لا أحد يقرأ الردود على هذا العنوان.`,
  link: {
    subject: (sender) => `أرسل إليك ${sender} رسالة تُفتح مرة واحدة`,
    heading: 'رسالة في انتظارك',
    lead: (sender, host) => `ترك لك ${sender} رسالة على ${host}.`,
    action: 'افتح الرسالة',
    once: (when) => `تُفتح مرة واحدة فقط، لأول من يفتحها، حتى ${when}. بعد ذلك تختفي.`,
    passphrase: 'تحتاج أيضًا إلى عبارة مرور، وهي لدى المرسل.',
    unexpected: 'إذا كنت لا تعرف المرسل فاسأله بطريقة أخرى قبل أن تفتحها.',
  },
  opened: {
    subject: 'فُتحت رسالتك',
    heading: 'فُتحت رسالتك',
    lead: (created, host) => `فُتحت الرسالة التي تركتها على ${host} في ${created}.`,
    recipient: (masked) => `كانت موجهة إلى ${masked}.`,
    at: (when) => `فُتحت في ${when}، ولا يستطيع أحد فتحها مرة أخرى.`,
    unexpected: 'إذا لم يفتحها من وُجهت إليه فقد قرأها شخص آخر: غيّر ما كان فيها.',
  },
  proofMissing: {
    subject: (domain) => `سجل DNS الذي يثبت ${domain} مفقود`,
    heading: 'سجل DNS مفقود',
    lead: (domain, since) => `لم يُعثر على سجل DNS الذي يثبت أن ${domain} لك منذ ${since}.`,
    consequence: (lapses) => `إذا بقي مفقودًا ينتهي الإثبات في ${lapses}.`,
    remedy: 'اطلب النطاق عبر الواجهة البرمجية: يذكر الرد السجلات المطلوب إنشاؤها.',
  },
  certificateTrouble: {
    subject: (domain) => `شهادة ${domain} لا تتجدد`,
    heading: 'شهادة لا تتجدد',
    renewal: (domain) => `تعذر تجديد شهادة ${domain}. سنواصل المحاولة.`,
    uploaded: (domain) => `الشهادة التي رفعتها لـ ${domain} تنتهي قريبًا.`,
    until: (when) => `الشهادة الحالية صالحة حتى ${when}، وبعدها ترفض المتصفحات الاسم.`,
    ended: (when) => `انتهت في ${when}: ترفض المتصفحات الاسم.`,
    remedy: 'اطلب النطاق عبر الواجهة البرمجية: يذكر الحقل issues الخلل وما يجب تغييره.',
    uploadAgain: 'ارفع شهادة جديدة، أو أزلها فنحصل نحن على شهادات للاسم.',
  },
  certificateRenewed: {
    subject: (domain) => `جُددت شهادة ${domain}`,
    heading: 'جُددت الشهادة',
    lead: (domain) => `انتهت مشكلة شهادة ${domain}. لم يبق ما يجب فعله.`,
    until: (when) => `الشهادة الجديدة صالحة حتى ${when}.`,
  },
};
