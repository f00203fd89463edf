"""The words that IODs are written in: coded concepts, content items, templates."""

from .algorithm import AlgorithmIdentificationSequence as AlgorithmIdentificationSequence
from .code import CodedConcept as CodedConcept
from .code import concept_key as concept_key
from .code import same_concept as same_concept
from .coding_scheme import CodingSchemeIdentificationItem as CodingSchemeIdentificationItem
from .coding_scheme import CodingSchemeResourceItem as CodingSchemeResourceItem
from .creator import ContentCreatorIdentificationCodeSequence as ContentCreatorIdentificationCodeSequence
from .equipment import ContributingEquipment as ContributingEquipment
from .equipment import contributing_equipment as contributing_equipment
from .identifier import IssuerOfIdentifier as IssuerOfIdentifier
