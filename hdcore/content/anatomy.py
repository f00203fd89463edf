"""Coded anatomic regions for Body Part Examined (PS3.16 annex L, table L-1)."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["REGIONS", "Region"]


class Region(NamedTuple):
    """A part of the body, coded in SNOMED CT."""

    code: str
    meaning: str
    is_paired: bool = False
    """Whether there is one on either side, so that its side must be told."""


REGIONS = {
    "ABDOMEN": Region("818981001", "Abdomen"),
    "ABDOMENPELVIS": Region("818982008", "Abdomen and Pelvis"),
    "ADRENAL": Region("23451007", "Adrenal gland", True),
    "ANKLE": Region("70258002", "Ankle joint", True),
    "AORTA": Region("15825003", "Aorta"),
    "ARM": Region("40983000", "Upper arm", True),
    "BLADDER": Region("89837001", "Bladder"),
    "BRAIN": Region("12738006", "Brain"),
    "BREAST": Region("76752008", "Breast", True),
    "BRONCHUS": Region("955009", "Bronchus", True),
    "CALCANEUS": Region("80144004", "Calcaneus", True),
    "CHEST": Region("816094009", "Chest"),
    "CHESTABDOMEN": Region("416550000", "Chest and Abdomen"),
    "CHESTABDPELVIS": Region("416775004", "Chest, Abdomen and Pelvis"),
    "CLAVICLE": Region("51299004", "Clavicle", True),
    "COCCYX": Region("64688005", "Coccyx"),
    "COLON": Region("71854001", "Colon"),
    "CSPINE": Region("122494005", "Cervical spine"),
    "EAR": Region("117590005", "Ear", True),
    "ELBOW": Region("16953009", "Elbow joint", True),
    "ESOPHAGUS": Region("32849002", "Esophagus"),
    "EXTREMITY": Region("66019005", "Extremity", True),
    "EYE": Region("81745001", "Eye", True),
    "FEMUR": Region("71341001", "Femur", True),
    "FINGER": Region("7569003", "Finger", True),
    "FOOT": Region("56459004", "Foot", True),
    "GALLBLADDER": Region("28231008", "Gallbladder"),
    "HAND": Region("85562004", "Hand", True),
    "HEAD": Region("69536005", "Head"),
    "HEADNECK": Region("774007", "Head and Neck"),
    "HEART": Region("80891009", "Heart"),
    "HIP": Region("24136001", "Hip joint", True),
    "HUMERUS": Region("85050009", "Humerus", True),
    "IAC": Region("361078006", "Internal Auditory Canal", True),
    "JAW": Region("661005", "Jaw region"),
    "KIDNEY": Region("64033007", "Kidney", True),
    "KNEE": Region("72696002", "Knee", True),
    "LEG": Region("30021000", "Leg", True),
    "LIVER": Region("10200004", "Liver"),
    "LSPINE": Region("122496007", "Lumbar spine"),
    "LUNG": Region("39607008", "Lung", True),
    "MEDIASTINUM": Region("72410000", "Mediastinum"),
    "NECK": Region("45048000", "Neck"),
    "ORBIT": Region("363654007", "Orbit", True),
    "OVARY": Region("15497006", "Ovary", True),
    "PANCREAS": Region("15776009", "Pancreas"),
    "PELVIS": Region("816092008", "Pelvis"),
    "PROSTATE": Region("41216001", "Prostate"),
    "RECTUM": Region("34402009", "Rectum"),
    "RIB": Region("113197003", "Rib", True),
    "SHOULDER": Region("16982005", "Shoulder", True),
    "SKULL": Region("89546000", "Skull"),
    "SPINE": Region("421060004", "Spine"),
    "SPLEEN": Region("78961009", "Spleen"),
    "STOMACH": Region("69695003", "Stomach"),
    "TESTIS": Region("40689003", "Testis", True),
    "THIGH": Region("68367000", "Thigh", True),
    "THYROID": Region("69748006", "Thyroid"),
    "TSPINE": Region("122495006", "Thoracic spine"),
    "UTERUS": Region("35039007", "Uterus"),
    "WHOLEBODY": Region("38266002", "Entire body"),
    "WRIST": Region("74670003", "Wrist joint", True),
}
"""Regions by Body Part Examined."""
