import type { TransferMessages } from './en.js';

export const transferAr: TransferMessages = {
  'transfer.title': 'إعطاء حساب آخر',
  'transfer.lead': 'تحصل على رمز. من يدخله في حساب آخر خلال سبعة أيام يصبح هذا النطاق له.',
  'transfer.goes': 'تنتقل معه الشهادة والمظهر والقواعد. لا يتغير شيء في DNS ويبقى الاسم في الخدمة.',
  'transfer.stays': 'تبقى الرسائل والإيصالات في الحساب الذي أنشأها.',
  'transfer.ends': 'تنتهي الروابط الخاصة بمسؤول DNS لديك.',
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
    'لديك من النطاقات ما تسمح به خطتك. أزل واحدًا أولًا ثم أدخل الرمز من جديد.',
};
