import type { TransferMessages } from './en.js';

export const transferAr: TransferMessages = {
  'transfer.title': 'إعطاء حساب آخر',
  'transfer.lead': 'تحصل على رمز. من يدخله في حساب آخر خلال سبعة أيام يصبح هذا النطاق له.',
  'transfer.goes': 'تنتقل معه الشهادة والمظهر والقواعد. لا يتغير شيء في DNS ويبقى الاسم في الخدمة.',
  'transfer.pair.goes': '{other} يقود إلى هنا وينتقل معه إلى حساب في هذه المنطقة.',
  'transfer.pair.parts': 'هذا الاسم يقود إلى {other}، ولا يبقى كذلك بعد إعطائه.',
  'transfer.stays': 'تبقى الرسائل والإيصالات في الحساب الذي أنشأها.',
  'transfer.ends': 'تنتهي الروابط الخاصة بمسؤول DNS لديك.',
  'transfer.elsewhere':
    'في منطقة أخرى يحصل الاسم على شهادة خاصة به، ويبقى المظهر والقواعد هنا. ثم تغيّر سجلًا: صفحة النطاق تقول متى.',
  'transfer.make': 'إنشاء رمز',
  'transfer.another': 'إنشاء رمز آخر',
  'transfer.made': 'رمزك. يُعرض هذه المرة فقط.',
  'transfer.code': 'رمز للحساب الآخر',
  'transfer.open': 'هناك رمز صالح حتى {date}. إنشاء غيره ينهيه.',
  'transfer.expired': 'لم يُستعمل الرمز في وقته.',
  'transfer.cancel': 'إلغاء الرمز',
  'transfer.unproven': 'لا يمكن إعطاء إلا نطاق ثبتت ملكيته.',
  'receive.open': 'لدي رمز',
  'receive.title': 'أخذ نطاق من حساب آخر',
  'receive.lead': 'أعطاك مالك نطاق رمزًا. أدخله ليصبح النطاق في حسابك.',
  'receive.code': 'الرمز',
  'receive.submit': 'أخذ النطاق',
  'receive.refused.TRANSFER_CODE':
    'هذا الرمز لا يعطي نطاقًا: إما خاطئ أو استُعمل أو أُلغي أو انتهى وقته. اطلب رمزًا جديدًا.',
  'receive.refused.TRANSFER_OWN': 'نطاق هذا الرمز في حسابك بالفعل.',
  'receive.refused.DOMAIN_LIMIT':
    'لا مكان له في خطتك؛ زوج الأسماء يحتاج إلى مكانين. أزل نطاقًا أولًا ثم أدخل الرمز من جديد.',
  'transfer.region': 'مكان الحساب الآخر',
  'transfer.here': 'هذه المنطقة ({region})',
  'move.out.preparing':
    'ينتقل إلى المنطقة {region}: يحصل الاسم هناك على شهادته أولًا. لا تغيّر أي سجل بعد.',
  'move.out.ready_to_switch':
    'جاهز للتحويل: المنطقة {region} تخدم الاسم. غيّر سجله كما تعرضه صفحة النطاق هناك.',
  'move.out.switched':
    'يقود الاسم إلى المنطقة {region}. تنتهي هذه المطالبة تلقائيًا بعد يومين من ذلك. تُفتح الروابط المنشأة هنا على مضيف هذه المنطقة.',
  'move.in.preparing':
    'قادم من المنطقة {region}: يحصل الاسم هنا على شهادته أولًا. لا تغيّر أي سجل بعد.',
  'move.in.ready_to_switch': 'جاهز للتحويل: هذه المنطقة تخدم الاسم. غيّر السجل كما هو موضح أدناه.',
  'move.in.switched': 'يقود الاسم إلى هنا. وينتهي في المنطقة {region} تلقائيًا بعد يومين.',
  'move.cancel': 'إلغاء النقل',
  'receive.refused.REGION_UNREACHABLE':
    'تعذر الوصول إلى المنطقة الأخرى لهذا الرمز. انتظر قليلًا ثم أدخله من جديد.',
  'receive.refused.CONFLICT_OTHER_CLAIM': 'أثبت حساب آخر في هذه المنطقة ملكية هذا الاسم.',
  'receive.refused.MOVE_OPEN': 'الاسم قيد النقل بالفعل: ألغِ ذلك أولًا.',
};
