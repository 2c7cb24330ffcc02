import type { BrandMessages } from './en.js';

export const brandAr: BrandMessages = {
  'brand.save': 'حفظ',
  'brand.saved': 'حُفظ، وهو سارٍ من الآن.',
  'brand.refused': 'لم يُحفظ شيء. ستجد أدناه ما يحتاج إلى قيمة أخرى.',

  'policy.title': 'قواعد الرسائل',
  'policy.lead':
    'تسري هذه القواعد على كل رسالة رابطها على {name}، سواء كُتبت في الصفحات أو عبر API.',
  'policy.who': 'من يمكنه الإنشاء',
  'policy.whoHint':
    'يمكن للجميع فتح الروابط على {name}. يمكنك أنت وحسابك إنشاؤها. لا يمكن للزوار من دون حساب ذلك إلا حيث تسمح به.',
  'policy.homepage': 'يمكن للزوار كتابة رسائل على الصفحات',
  'policy.api': 'يمكن للبرامج إنشاء رسائل عبر API من دون بيانات دخول',
  'policy.lifetimes': 'مدة انتظار الرسائل',
  'policy.max': 'على الأكثر',
  'policy.maxNone': 'بقدر ما تسمح به خطتك ({time})',
  'policy.default': 'عندما لا تُختار مدة',
  'policy.defaultNone': '7 أيام، أو أقل إن كان ذلك أطول من المسموح',
  'policy.passphrases': 'عبارات المرور',
  'policy.required': 'تحتاج كل رسالة إلى عبارة مرور',
  'policy.shortest': 'أقصر عبارة مرور',
  'policy.shortestHint': 'بعدد الأحرف، من {min} إلى {max}. إن تُرك فارغًا: {min}.',
  'policy.where': 'أين تُفتح الروابط',
  'policy.region': 'تُفتح الروابط أيضًا مع {host} بدلًا من {name}',
  'policy.regionHint': 'وإلا فلا تُفتح إلا على {name}. يسري التغيير فورًا، حتى على الروابط السابقة.',
  'policy.refused.order': 'هذه أطول من أطول مدة تسمح بها.',
  'policy.refused.time': 'اختر إحدى هذه المدد.',
  'policy.refused.length': 'أدخل عددًا صحيحًا من {min} إلى {max}، أو اترك الحقل فارغًا.',
};
