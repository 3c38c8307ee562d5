mod absences;
mod acts;
mod belong;
mod door;
mod family;
mod golden;
mod house;
mod news;
mod pictures;
mod place;
mod threads;

use super::fixture::World;
use crate::crypto::DeviceKeys;

/// A house with a group, a child and both guardians, an educator, and another family in another group.
struct Family {
    world: World,
    director: DeviceKeys,
    educator: DeviceKeys,
    mother: DeviceKeys,
    father: DeviceKeys,
    stranger: DeviceKeys,
    group: String,
    child: String,
    other_child: String,
}

impl Family {
    fn new() -> Self {
        use super::command::StaffRole;
        let mut world = World::found();
        let group = world.group("Igel");
        let other_group = world.group("Eulen");
        let child = world.child("Mila", &group);
        let other_child = world.child("Emil", &other_group);
        let [mother, father] = ["Maren Mother", "Falk Father"].map(|name| world.guardian(name, &child));
        let stranger = world.guardian("Sina Stranger", &other_child);
        let educator = world.staff("Eva Educator", StaffRole::Educator, &[&group]);
        let [educator, mother, father, stranger] =
            [educator, mother, father, stranger].map(|p| world.admit(&p));
        let director = world.director.clone();
        Self { world, director, educator, mother, father, stranger, group, child, other_child }
    }
}
