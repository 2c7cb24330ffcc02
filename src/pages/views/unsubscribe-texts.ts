import type { MailList } from '../../mail/mail-list.js';
import type { Language } from '../../shared/language.js';

/** Of one list, while its mails are sent and while they are refused. */
interface ListTexts {
  readonly wanted: string;
  readonly refused: string;
}

export interface UnsubscribeTexts {
  readonly wantedTitle: string;
  readonly refusedTitle: string;
  readonly refuse: string;
  readonly want: string;
  readonly lists: Readonly<Record<MailList, ListTexts>>;
}

export const UNSUBSCRIBE_TEXTS: Readonly<Record<Language, UnsubscribeTexts>> = {
  en: {
    wantedTitle: 'No more of these mails?',
    refusedTitle: 'You get no more of these mails',
    refuse: 'Send me no more',
    want: 'Send them again',
    lists: {
      notices: {
        wanted:
          'You get notices about your account and its domains. Codes and other mails that you ask for yourself come in any case.',
        refused:
          'Notices about your account and its domains are not sent to your address any more.',
      },
      links: {
        wanted: 'People who use this service can have links to their messages mailed to you.',
        refused:
          'Links to messages are not mailed to your address any more, whoever the sender is.',
      },
    },
  },
  de: {
    wantedTitle: 'Keine solchen E-Mails mehr?',
    refusedTitle: 'Sie bekommen keine solchen E-Mails mehr',
    refuse: 'Keine mehr senden',
    want: 'Wieder senden',
    lists: {
      notices: {
        wanted:
          'Sie bekommen Mitteilungen über Ihr Konto und seine Domains. Codes und andere E-Mails, die Sie selbst anfordern, kommen in jedem Fall.',
        refused:
          'Mitteilungen über Ihr Konto und seine Domains werden nicht mehr an Ihre Adresse gesendet.',
      },
      links: {
        wanted: 'Wer diesen Dienst nutzt, kann Ihnen Links zu Nachrichten senden lassen.',
        refused:
          'Links zu Nachrichten werden nicht mehr an Ihre Adresse gesendet, von keinem Absender.',
      },
    },
  },
  fr: {
    wantedTitle: 'Ne plus recevoir ces e-mails ?',
    refusedTitle: 'Vous ne recevez plus ces e-mails',
    refuse: 'Ne plus m’en envoyer',
    want: 'Les envoyer à nouveau',
    lists: {
      notices: {
        wanted:
          'Vous recevez des avis sur votre compte et ses domaines. Les codes et les autres e-mails que vous demandez vous-même arrivent dans tous les cas.',
        refused: 'Les avis sur votre compte et ses domaines ne sont plus envoyés à votre adresse.',
      },
      links: {
        wanted:
          'Les personnes qui utilisent ce service peuvent vous faire envoyer des liens vers leurs messages.',
        refused:
          'Les liens vers des messages ne sont plus envoyés à votre adresse, quel que soit l’expéditeur.',
      },
    },
  },
  es: {
    wantedTitle: '¿No recibir más estos correos?',
    refusedTitle: 'Ya no recibe estos correos',
    refuse: 'No enviarme más',
    want: 'Enviarlos de nuevo',
    lists: {
      notices: {
        wanted:
          'Recibe avisos sobre su cuenta y sus dominios. Los códigos y otros correos que usted mismo solicita llegan en todo caso.',
        refused: 'Los avisos sobre su cuenta y sus dominios ya no se envían a su dirección.',
      },
      links: {
        wanted: 'Quienes usan este servicio pueden hacer que se le envíen enlaces a sus mensajes.',
        refused:
          'Los enlaces a mensajes ya no se envían a su dirección, sea quien sea el remitente.',
      },
    },
  },
  nl: {
    wantedTitle: 'Geen van deze e-mails meer?',
    refusedTitle: 'U krijgt deze e-mails niet meer',
    refuse: 'Niet meer sturen',
    want: 'Weer sturen',
    lists: {
      notices: {
        wanted:
          'U krijgt meldingen over uw account en de domeinen ervan. Codes en andere e-mails waar u zelf om vraagt, komen in elk geval.',
        refused:
          'Meldingen over uw account en de domeinen ervan worden niet meer naar uw adres gestuurd.',
      },
      links: {
        wanted: 'Wie deze dienst gebruikt, kan u links naar berichten laten sturen.',
        refused:
          'Links naar berichten worden niet meer naar uw adres gestuurd, wie de afzender ook is.',
      },
    },
  },
  ar: {
    wantedTitle: 'ألا تريد مزيدًا من هذه الرسائل؟',
    refusedTitle: 'لن تصلك هذه الرسائل بعد الآن',
    refuse: 'لا ترسلوا المزيد',
    want: 'أرسلوها من جديد',
    lists: {
      notices: {
        wanted:
          'تصلك إشعارات عن حسابك ونطاقاته. أما الرموز والرسائل الأخرى التي تطلبها بنفسك فتصلك في كل الأحوال.',
        refused: 'لم تعد الإشعارات عن حسابك ونطاقاته تُرسل إلى عنوانك.',
      },
      links: {
        wanted: 'يمكن لمستخدمي هذه الخدمة أن يرسلوا إليك روابط رسائلهم بالبريد.',
        refused: 'لم تعد روابط الرسائل تُرسل إلى عنوانك، أيًّا كان المرسل.',
      },
    },
  },
};
