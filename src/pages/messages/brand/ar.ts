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

  'images.title': 'الشعار والأيقونة',
  'images.lead': 'في كل صفحة من {name}، وفي رسائل بريده، وفي علامة تبويب المتصفح.',
  'images.logo': 'الشعار',
  'images.logo-dark': 'الشعار على الصفحات الداكنة',
  'images.icon': 'الأيقونة',
  'images.logo.hint': 'في مكان الاسم أعلى كل صفحة، بارتفاع 40 بكسل.',
  'images.logo-dark.hint':
    'عندما يكون جهاز القارئ على الوضع الداكن. من دونه يظهر الشعار هناك أيضًا.',
  'images.icon.hint':
    'في علامة تبويب المتصفح وعلى الشاشة الرئيسية للهاتف. الأفضل مربع من 180 بكسل أو أكثر.',
  'images.limits': 'PNG أو JPEG أو WebP، بحجم {bytes, number} بايت على الأكثر.',
  'images.now': '{kind} كما هو الآن',
  'images.choose': 'اختر ملفًا',
  'images.replace': 'اختر ملفًا آخر',
  'images.upload': '{kind}: رفع',
  'images.remove': '{kind}: إزالة',
  'images.refused': 'لم تُقبل الصورة. بقي ما كان موجودًا من قبل.',
  'images.refused.IMAGE_MISSING': 'لم يُختر أي ملف.',
  'images.refused.IMAGE_TOO_LARGE':
    'حجم الملف أكبر من {bytes, number} بايت. احفظ الصورة بحجم أصغر.',
  'images.refused.IMAGE_FORMAT':
    'هذه ليست صورة PNG أو JPEG أو WebP. لا تُقبل ملفات SVG لأنها قد تحتوي على برامج: صدّر صورتك بصيغة PNG.',
  'images.refused.IMAGE_ANIMATED': 'الصورة متحركة. اختر صورة ثابتة.',
  'images.refused.IMAGE_PIXELS': 'في الصورة أكثر من {millions, number} مليون بكسل. احفظها أصغر.',
  'images.refused.IMAGE_SLOW': 'تستغرق قراءة الصورة وقتًا طويلًا. اختر صورة أبسط.',
  'images.refused.IMAGE_DAMAGED': 'الملف تالف أو غير مكتمل. احفظ الصورة من جديد واختر ذلك الملف.',
  'images.refused.busy': 'تُقرأ الآن صور كثيرة جدًا.',
  'images.tooLarge':
    'الملف أكبر بكثير مما يُسمح به لصورة هنا، ولم يتغير شيء. اختر ملفًا حجمه {bytes, number} بايت على الأكثر.',
};
