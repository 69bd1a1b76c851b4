"""Age groups, subjects of Lgr22 and goal areas of Lpfö 18, as schools name them.

Fixed by the National Agency for Education and the same for everybody, so choices and not content.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AgeGroup(models.TextChoices):
    PRESCHOOL_1_3 = "forskola-1-3", _("Preschool ages 1–3")
    PRESCHOOL_3_5 = "forskola-3-5", _("Preschool ages 3–5")
    F_3 = "f-3", _("Preschool class to grade 3")
    GRADES_4_6 = "ak-4-6", _("Grades 4–6")
    GRADES_7_9 = "ak-7-9", _("Grades 7–9")
    UPPER_SECONDARY = "gymnasiet", _("Upper secondary school")
    EDUCARE = "fritidshem", _("School-age educare")
    ADAPTED = "anpassad-grundskola", _("Adapted compulsory school")
    ADAPTED_UPPER = "anpassad-gymnasieskola", _("Adapted upper secondary school")


# The age in years of the youngest in each group.
YOUNGEST = {
    AgeGroup.PRESCHOOL_1_3: 1,
    AgeGroup.PRESCHOOL_3_5: 3,
    AgeGroup.F_3: 6,
    AgeGroup.GRADES_4_6: 10,
    AgeGroup.GRADES_7_9: 13,
    AgeGroup.UPPER_SECONDARY: 16,
    AgeGroup.EDUCARE: 6,
    AgeGroup.ADAPTED: 6,
    AgeGroup.ADAPTED_UPPER: 16,
}
SCHOOL_AGE = 6


class Subject(models.TextChoices):
    ART = "bild", _("Art")
    BIOLOGY = "biologi", _("Biology")
    DANCE = "dans", _("Dance (upper secondary)")
    ENGLISH = "engelska", _("English")
    PHYSICS = "fysik", _("Physics")
    GEOGRAPHY = "geografi", _("Geography")
    HOME_ECONOMICS = "hem-och-konsumentkunskap", _("Home and consumer studies")
    HISTORY = "historia", pgettext_lazy("subject in school", "History")
    SPORTS = "idrott-och-halsa", _("Physical education and health")
    JEWISH_STUDIES = "judiska-studier", _("Jewish studies")
    CHEMISTRY = "kemi", _("Chemistry")
    MATHEMATICS = "matematik", _("Mathematics")
    MODERN_LANGUAGES = "moderna-sprak", _("Modern languages")
    MOTHER_TONGUE = "modersmal", _("Mother tongue tuition")
    MUSIC = "musik", _("Music")
    RELIGION = "religionskunskap", _("Religion")
    CIVICS = "samhallskunskap", _("Civics")
    SAMI = "samiska", _("Sámi")
    CRAFTS = "slojd", _("Crafts")
    SWEDISH = "svenska", _("Swedish (subject)")
    SWEDISH_AS_SECOND_LANGUAGE = "svenska-som-andrasprak", _("Swedish as a second language")
    SIGN_LANGUAGE = "teckensprak-for-horande", _("Sign language for the hearing")
    TECHNOLOGY = "teknik", _("Technology")
    ENTREPRENEURSHIP = "entreprenorskap", _("Entrepreneurship (upper secondary)")


class PreschoolGoal(models.TextChoices):
    NORMS = "normer-och-varden", _("Norms and values")
    CARE = "omsorg-utveckling-larande", _("Care, development and learning")
    PARTICIPATION = "barns-delaktighet-inflytande", _("Children's participation and influence")
    HOME = "forskola-och-hem", _("Preschool and home")
    TRANSITION = "overgang-och-samverkan", _("Transition and collaboration")
    EVALUATION = "uppfoljning-utvardering", _("Follow-up, evaluation and development")
